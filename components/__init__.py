"""The product: one folder per capability, one file per cloud.

`components/<capability>/__init__.py` is the contract that a user reads; `aws.py`, `gcp.py` and `azure.py` beside it
implement it. `components/clouds` turns a cloud's name into its implementations, and `components/dataplane` composes
them without naming a cloud.
"""
