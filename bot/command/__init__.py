"""The `niangjia` command: one module per sub-command."""
