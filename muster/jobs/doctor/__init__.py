"""Looking at an installation: are its settings, identity, permissions, storage, events, sweep, policies and versions as
they must be, and what is to be done where not. One file for each thing that is looked at; run.py has the table."""
