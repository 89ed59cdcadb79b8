"""What the tests of the toolchain stand on: a fake Go, a fake engine, and a language host to drive."""
