"""The settings of the function app, from a mapping of names to texts to frozen values. functions/wiring.py makes
adapters of them; `muster doctor` reads them too, where there is no function app."""
