local actions = {}
actions["reconcile"] = {}
actions["suspend"] = { ["disabled"] = false }
actions["resume"] = { ["disabled"] = true }
if obj.spec ~= nil and obj.spec.suspend == true then
  actions["suspend"]["disabled"] = true
  actions["resume"]["disabled"] = false
end
return actions
