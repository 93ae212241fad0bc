"""python -m publisher runs the command."""

from publisher.cli.main import main

raise SystemExit(main())
