"""Letters to inboxes: subscribers, the ledger of what was sent to whom, messages and transports."""
