"""The edge for agents: questions, search and passages as tools of the Model Context Protocol. Read-only.

https://modelcontextprotocol.io/specification
"""
