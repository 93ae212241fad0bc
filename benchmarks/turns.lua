-- For wrk: asks for the addresses of a file in turn, as 64 visitors do; ends with one line of JSON.
-- wrk … -s turns.lua http://127.0.0.1:PORT -- FILE ACCEPT ENCODING

local requests = {}
local number = 0

function init(arguments)
  for visitor = 1, 64 do
    local headers = { Accept = arguments[2], ["Accept-Encoding"] = arguments[3], ["X-Forwarded-For"] = "10.0.0." .. visitor }
    for address in io.lines(arguments[1]) do
      requests[#requests + 1] = wrk.format("GET", address, headers)
    end
  end
end

function request()
  number = number % #requests + 1
  return requests[number]
end

function done(summary, latency, all)
  local errors = summary.errors
  io.write(string.format(
    '{"answers": %d, "refused": %d, "broken": %d, "seconds": %f, "p50": %f, "p99": %f, "bytes": %d}\n',
    summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000, summary.bytes))
end
