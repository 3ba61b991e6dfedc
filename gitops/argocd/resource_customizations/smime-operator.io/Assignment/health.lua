-- Health from kstatus-style conditions: Stalled needs a person, Reconciling passes by itself, Ready says it is done.
local hs = { status = "Progressing", message = "Waiting for the operator to look at it" }

if obj.spec ~= nil and obj.spec.suspend == true then
  hs.status = "Suspended"
  hs.message = "spec.suspend is true: nothing is read or changed"
  return hs
end

if obj.status == nil or obj.status.conditions == nil then
  return hs
end

local found = {}
for _, condition in ipairs(obj.status.conditions) do
  found[condition.type] = condition
end

if found.Stalled ~= nil and found.Stalled.status == "True" and found.Stalled.observedGeneration == obj.metadata.generation then
  hs.status = "Degraded"
  hs.message = found.Stalled.reason .. ": " .. found.Stalled.message
  return hs
end

if found.Reconciling ~= nil and found.Reconciling.status == "True" then
  hs.message = found.Reconciling.reason .. ": " .. found.Reconciling.message
  return hs
end

if obj.status.observedGeneration ~= obj.metadata.generation then
  return hs
end

if found.Ready ~= nil and found.Ready.status == "True" then
  hs.status = "Healthy"
  hs.message = found.Ready.message
end

return hs
