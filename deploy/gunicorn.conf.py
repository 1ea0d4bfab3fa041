"""How gunicorn serves Palier: `gunicorn --config deploy/gunicorn.conf.py`, from the root of the code."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Here and not in `pythonpath`, which gunicorn reads after --check-config.
sys.path[:0] = [str(ROOT), str(ROOT / "platform")]

wsgi_app = "config.wsgi:application"
# The proxy is the only one that talks to it. The image listens on all addresses of its own network.
bind = "127.0.0.1:8000"
# Synchronous processes (WEB_CONCURRENCY says how many): a request is one transaction on one connection.
worker_class = "sync"
# A connection's memory grows with the towns that it visits.
max_requests = 2000
max_requests_jitter = 200
timeout = 60
graceful_timeout = 30
# A file in memory, so that a slow disk never looks like a dead process.
worker_tmp_dir = "/dev/shm"  # noqa: S108 (gunicorn makes an unguessable name in it and unlinks it at once)
control_socket_disable = True
# No log of requests: addresses hold personal links. Errors go to standard error.
accesslog = None
