"""How the weights of the logo score are learnt; nobody needs this folder to run Cachet."""
