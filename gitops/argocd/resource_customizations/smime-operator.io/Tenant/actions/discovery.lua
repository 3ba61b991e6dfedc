local actions = {}
actions["reconcile"] = {}
return actions
