-- Copyright The IGNY8 WordPress Operator Authors.
-- SPDX-License-Identifier: Apache-2.0

-- The rules of kstatus, for all three kinds: what kubectl wait, Flux and Helm go by.
local health = {status = "Progressing", message = "Waiting for the operator"}
local status = obj.status or {}

if obj.spec ~= nil and obj.spec.suspend == true then
  return {status = "Suspended", message = "spec.suspend is true"}
end

local conditions = {}
for _, condition in ipairs(status.conditions or {}) do
  conditions[condition.type] = condition
end
local function is(name, value)
  return conditions[name] ~= nil and conditions[name].status == value
end

if status.observedGeneration ~= nil and status.observedGeneration ~= -1
    and status.observedGeneration ~= obj.metadata.generation then
  if conditions.Ready ~= nil then
    health.message = conditions.Ready.message
  end
elseif is("Reconciling", "True") then
  health.message = conditions.Reconciling.message
elseif is("Stalled", "True") then
  health = {status = "Degraded", message = conditions.Stalled.message}
elseif is("Ready", "True") then
  health = {status = "Healthy", message = conditions.Ready.message}
elseif conditions.Ready ~= nil then
  health.message = conditions.Ready.message
end
return health
