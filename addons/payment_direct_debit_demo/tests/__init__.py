from . import test_events, test_plan, test_sending
