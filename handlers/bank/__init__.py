"""Assisting banks (协助执行的银行): queries, freezes, releases, payments and statements over HTTP.

BANK_URL      where the banks' gateway listens (default: the simulator on this machine)
BANK_SECRET   key shared with it; unset: a file in the data folder, made at the first use
"""
