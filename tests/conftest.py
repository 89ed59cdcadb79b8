from hypothesis import HealthCheck, settings

# How fast a machine is says nothing about the code: speed is measured in bench/.
settings.register_profile("rampart", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("rampart")
