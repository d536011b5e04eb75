"""Sends one of everything with the SDK of Python, and prints the id of the exception."""

import os

import sentry_sdk
from sentry_sdk.crons import capture_checkin

sentry_sdk.init(os.environ["SENTRY_DSN"], traces_sample_rate=1.0)
sentry_sdk.set_user({"id": "7", "email": "anna@example.com"})
sentry_sdk.set_tag("fruit", "pear")

try:
    raise ValueError("a pear is missing")
except ValueError as error:
    print(sentry_sdk.capture_exception(error))

sentry_sdk.capture_message("hello")

# A session with an error.
scope = sentry_sdk.get_isolation_scope()
scope.start_session()
scope.end_session()

schedule = {"type": "interval", "value": 10, "unit": "minute"}
monitor = {"schedule": schedule, "timezone": "Europe/Vienna", "checkin_margin": 5}
job = {"monitor_slug": "sdk-job", "monitor_config": monitor}
check_in = capture_checkin(status="in_progress", **job)
capture_checkin(status="ok", check_in_id=check_in, duration=1.5, **job)

# The service keeps neither transactions nor attachments, and takes them.
with sentry_sdk.start_transaction(op="task", name="transaction"):
    pass
with sentry_sdk.new_scope() as scope:
    scope.add_attachment(bytes=b"attached", filename="attached.txt")
    sentry_sdk.capture_message("hello with an attachment")

sentry_sdk.get_client().close(timeout=10)
