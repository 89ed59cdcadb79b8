"""Three regions on three clouds, with no cloud account: the real engine, program and SDKs against simulated clouds.

The one place that knows the toolchain, the simulated clouds and the fleet. Everything it makes lives in `.rampart/`
and in the user's cache folder.
"""
