"""The first day on AWS: `program` makes it, the rest says what who may do."""
