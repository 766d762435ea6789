"""The triggers, one file each. muster/settings reads the app's settings, wiring.py makes adapters of them."""
