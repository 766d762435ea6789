"""The triggers, one file each. settings.py reads the app's settings, wiring.py makes adapters of them."""
