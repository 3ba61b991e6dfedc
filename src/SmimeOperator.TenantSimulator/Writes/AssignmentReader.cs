using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator.Objects;
using SmimeOperator.TenantSimulator.Schema;

namespace SmimeOperator.TenantSimulator.Writes;

/// <summary>Reads assignments out of a body and makes of them what the service shows.</summary>
internal sealed class AssignmentReader(TenantStore store)
{
    private const string ZeroGuid = "00000000-0000-0000-0000-000000000000";

    // The directory has no such groups; the service names everyone by them.
    private const string AllUsers = "acacacac-9df4-4c7d-9d50-4ef0226f57a9";
    private const string AllDevices = "adadadad-808e-44e2-905a-0b7873a8a531";

    public static string TypeOf(AssignStyle style) => style switch
    {
        AssignStyle.AppConfiguration => "managedDeviceMobileAppConfigurationAssignment",
        AssignStyle.DeviceConfiguration => "deviceConfigurationAssignment",
        _ => "mobileAppAssignment",
    };

    /// <summary>Reads one assignment; null when it has violations.</summary>
    public JsonObject? Read(CollectionKind kind, string ownerId, JsonNode? node, string path, List<string> violations)
    {
        if (node is not JsonObject body)
        {
            violations.Add($"{path}: an object is expected");
            return null;
        }

        var before = violations.Count;
        var read = BodyReader.ReadNested(GraphSchema.Current.Types[TypeOf(kind.Assign)], body, path, violations);
        if (read["target"] is not JsonObject target)
        {
            violations.Add($"{path}/target: it is missing");
            return null;
        }

        CheckTarget(target, store[kind].Find(ownerId)?.Type.Name ?? "", path, violations);
        if (kind.Assign == AssignStyle.App && read["intent"] is null)
        {
            violations.Add($"{path}/intent: it is missing");
        }

        return violations.Count > before ? null : Complete(kind, ownerId, read);
    }

    /// <summary>Adds id and origin, in the order in which the service shows them.</summary>
    public JsonObject Complete(CollectionKind kind, string ownerId, JsonObject read, string source = "direct")
    {
        var target = (JsonObject)read["target"]!.DeepClone();
        var group = GroupOf(target);
        var result = new JsonObject();
        switch (kind.Assign)
        {
            case AssignStyle.DeviceConfiguration:
                result["id"] = $"{ownerId}_{group}";
                result["source"] = source;
                result["sourceId"] = source == "direct" ? ownerId : ZeroGuid;
                result["intent"] = read["intent"]?.DeepClone() ?? "apply";
                break;
            case AssignStyle.App:
                var intent = (string?)read["intent"] ?? "required";
                var number = GraphSchema.Current.Enums["installIntent"].Members.First(m => m.Key == intent).Value;
                result["id"] = $"{group}_{number}_{(IsExclusion(target) ? 1 : 0)}";
                result["intent"] = intent;
                result["source"] = source;
                result["sourceId"] = source == "direct" ? ownerId : ZeroGuid;
                result["settings"] = read["settings"]?.DeepClone();
                break;
            default:
                // The format of these ids is not known; this one resembles none that a client might rely on.
                result["id"] = store.NewGuid().ToString();
                break;
        }

        result["target"] = target;
        return result;
    }

    public static string GroupOf(JsonObject target) => ((string?)target["@odata.type"])?.Split('.')[^1] switch
    {
        "allLicensedUsersAssignmentTarget" => AllUsers,
        "allDevicesAssignmentTarget" => AllDevices,
        _ => (string?)target["groupId"] ?? ZeroGuid,
    };

    private static bool IsExclusion(JsonObject target) =>
        ((string?)target["@odata.type"])?.EndsWith("exclusionGroupAssignmentTarget", StringComparison.Ordinal) == true;

    private void CheckTarget(JsonObject target, string ownerType, string path, List<string> violations)
    {
        if (target.ContainsKey("groupId"))
        {
            var groupId = (string?)target["groupId"];
            if (groupId is null || store["groups"].Find(groupId) is null)
            {
                violations.Add($"{path}/target/groupId: there is no group '{groupId}'");
            }
        }

        var filterId = (string?)target["deviceAndAppManagementAssignmentFilterId"];
        var hasFilter = filterId is not (null or "" or ZeroGuid);
        if (hasFilter && store["assignmentFilters"].Find(filterId!) is null)
        {
            violations.Add($"{path}/target: there is no assignment filter '{filterId}'");
        }
        else if (hasFilter && !Fits(store["assignmentFilters"].Find(filterId!)!.Text("platform"), ownerType))
        {
            violations.Add($"{path}/target: the assignment filter '{filterId}' is for another platform than {ownerType}");
        }

        if (!hasFilter)
        {
            target["deviceAndAppManagementAssignmentFilterId"] = store.Options.ShowEmptyFilterAsZeroGuid ? ZeroGuid : null;
            target["deviceAndAppManagementAssignmentFilterType"] = "none";
        }
    }

    // A type's name begins with its platform.
    private static bool Fits(string? platform, string ownerType) => platform switch
    {
        "iOS" => ownerType.StartsWith("ios", StringComparison.Ordinal),
        "macOS" => ownerType.StartsWith("macOS", StringComparison.Ordinal),
        "windows10AndLater" => ownerType.StartsWith("windows", StringComparison.Ordinal),
        "androidForWork" => ownerType.StartsWith("android", StringComparison.Ordinal),
        "androidWorkProfile" => ownerType.StartsWith("androidForWork", StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>One group cannot be told twice, neither to have it nor to have it and not.</summary>
    public static void CheckSet(CollectionKind kind, IEnumerable<JsonObject> assignments, List<string> violations)
    {
        var twice = assignments
            .GroupBy(a => GroupOf((JsonObject)a["target"]!), StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(g => g.Count() > 1);
        if (twice is not null && kind.Assign != AssignStyle.App)
        {
            violations.Add($"assignments: group '{twice.Key}' is named more than once");
        }
    }
}
