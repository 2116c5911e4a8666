"""Stand-ins of the payment providers' APIs, served on loopback for tests and the demo."""
