"""Ask the web of this machine how it is: ends with 0 if it and its database answer, else with 1."""

import http.client
import os
import sys

PORT, SECONDS = 8000, 15


def main() -> int:
    """Ask, as the proxy would for the platform's own site."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=SECONDS)
    try:
        connection.request("GET", "/sante/", headers={"Host": os.environ["PLATFORM_DOMAIN"]})
        return 0 if connection.getresponse().status == http.HTTPStatus.OK else 1
    except OSError:
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
