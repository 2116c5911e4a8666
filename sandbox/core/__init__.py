"""What every stand-in needs and no provider owns: time, faults, webhooks, outcomes."""
