"""People of the court: accounts, duties, access, recusal, what they are told."""
