"""How the models that are shipped were trained. Nothing here is needed to run Cachet."""
