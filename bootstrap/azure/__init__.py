"""The first day on Azure: `program` makes it, the rest says what who may do."""
