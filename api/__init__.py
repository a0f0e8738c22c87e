"""The face: routes, sign-in, jobs, command line, the page."""
