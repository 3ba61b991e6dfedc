using System.Text.Json;
using Microsoft.Kiota.Abstractions.Serialization;

namespace SmimeOperator.Intune;

/// <summary>Assignments as the service writes them, read and written. Pure.</summary>
internal static class AssignmentJson
{
    private const string Namespace = "#microsoft.graph.";
    private const string NoFilter = "00000000-0000-0000-0000-000000000000";
    private const string FilterIdName = "deviceAndAppManagementAssignmentFilterId";
    private const string FilterTypeName = "deviceAndAppManagementAssignmentFilterType";

    // What the service adds by itself and does not want back.
    private static readonly HashSet<string> NotWritten = new(StringComparer.OrdinalIgnoreCase) { "id", "source", "sourceId", "target", "intent", "@odata.type" };

    /// <summary>One assignment of a collection's object.</summary>
    public static TenantAssignment Read(TenantCollection collection, JsonElement element)
    {
        var target = element.ValueKind == JsonValueKind.Object && element.TryGetProperty("target", out var inner) ? inner : default;
        return new TenantAssignment(
            TargetOf(target),
            collection == TenantCollection.MobileApps ? GraphJson.Text(element, "intent") : null,
            string.Equals(GraphJson.Text(element, "source"), "policySets", StringComparison.OrdinalIgnoreCase),
            element.Clone());
    }

    /// <summary>The body of the assign action.</summary>
    public static IParsable Body(TenantCollection collection, IEnumerable<TenantAssignment> assignments) => new AssignBody(collection, [.. assignments]);

    /// <summary>Whether two assignments say the same: target, intent, origin, and settings where both know them.</summary>
    public static bool Same(TenantAssignment one, TenantAssignment other) =>
        one.Target == other.Target
        && string.Equals(one.Intent, other.Intent, StringComparison.OrdinalIgnoreCase)
        && one.FromPolicySet == other.FromPolicySet
        && (one.Raw.ValueKind != JsonValueKind.Object || other.Raw.ValueKind != JsonValueKind.Object
            || JsonElement.DeepEquals(Part(one.Raw, "settings"), Part(other.Raw, "settings")))
        && (one.Target.Kind != TargetKind.Other || JsonElement.DeepEquals(Part(one.Raw, "target"), Part(other.Raw, "target")));

    private static readonly JsonElement Null = JsonDocument.Parse("null").RootElement;

    private static JsonElement Part(JsonElement raw, string name) =>
        raw.ValueKind == JsonValueKind.Object && raw.TryGetProperty(name, out var part) ? part : Null;

    private static AssignmentTarget TargetOf(JsonElement target)
    {
        var kind = TenantObjectJson.TypeName(GraphJson.Text(target, "@odata.type")) switch
        {
            "groupAssignmentTarget" => TargetKind.Group,
            "exclusionGroupAssignmentTarget" => TargetKind.ExclusionGroup,
            "allLicensedUsersAssignmentTarget" => TargetKind.AllLicensedUsers,
            "allDevicesAssignmentTarget" => TargetKind.AllDevices,
            _ => TargetKind.Other,
        };
        var group = kind is TargetKind.Group or TargetKind.ExclusionGroup ? GraphJson.Text(target, "groupId")?.ToLowerInvariant() : null;
        var filter = GraphJson.Text(target, FilterIdName)?.ToLowerInvariant();
        var filterType = Enum.TryParse<FilterType>(GraphJson.Text(target, FilterTypeName), ignoreCase: true, out var type) ? type : FilterType.None;
        return filter is null or "" or NoFilter || filterType == FilterType.None
            ? new AssignmentTarget(kind, group)
            : new AssignmentTarget(kind, group, filter, filterType);
    }

    private sealed class AssignBody(TenantCollection collection, IReadOnlyList<TenantAssignment> assignments) : IParsable
    {
        public IDictionary<string, Action<IParseNode>> GetFieldDeserializers() => new Dictionary<string, Action<IParseNode>>(StringComparer.Ordinal);

        public void Serialize(ISerializationWriter writer) => writer.WriteCollectionOfObjectValues(
            collection == TenantCollection.MobileApps ? "mobileAppAssignments" : "assignments",
            assignments.Select(a => new AssignmentBody(collection, a)));
    }

    private sealed class AssignmentBody(TenantCollection collection, TenantAssignment assignment) : IParsable
    {
        public IDictionary<string, Action<IParseNode>> GetFieldDeserializers() => new Dictionary<string, Action<IParseNode>>(StringComparer.Ordinal);

        public void Serialize(ISerializationWriter writer)
        {
            writer.WriteStringValue("@odata.type", Namespace + collection switch
            {
                TenantCollection.MobileApps => "mobileAppAssignment",
                TenantCollection.AppConfigurations => "managedDeviceMobileAppConfigurationAssignment",
                _ => "deviceConfigurationAssignment",
            });
            if (collection == TenantCollection.MobileApps)
            {
                writer.WriteStringValue("intent", assignment.Intent ?? "required");
            }
            else if (collection == TenantCollection.DeviceConfigurations && GraphJson.Text(assignment.Raw, "intent") is { } intent)
            {
                writer.WriteStringValue("intent", intent);
            }

            var known = Part(assignment.Raw, "target");
            if (known.ValueKind == JsonValueKind.Object && (assignment.Target.Kind == TargetKind.Other || TargetOf(known) == assignment.Target))
            {
                writer.WriteObjectValue("target", GraphBody.Untyped(known));
            }
            else
            {
                writer.WriteObjectValue("target", new TargetBody(assignment.Target));
            }

            if (assignment.Raw.ValueKind == JsonValueKind.Object)
            {
                foreach (var property in assignment.Raw.EnumerateObject().Where(p => !NotWritten.Contains(p.Name) && !p.Name.Contains('@', StringComparison.Ordinal)))
                {
                    writer.WriteObjectValue(property.Name, GraphBody.Untyped(property.Value));
                }
            }
        }
    }

    private sealed class TargetBody(AssignmentTarget target) : IParsable
    {
        public IDictionary<string, Action<IParseNode>> GetFieldDeserializers() => new Dictionary<string, Action<IParseNode>>(StringComparer.Ordinal);

        public void Serialize(ISerializationWriter writer)
        {
            writer.WriteStringValue("@odata.type", Namespace + target.Kind switch
            {
                TargetKind.Group => "groupAssignmentTarget",
                TargetKind.ExclusionGroup => "exclusionGroupAssignmentTarget",
                TargetKind.AllLicensedUsers => "allLicensedUsersAssignmentTarget",
                TargetKind.AllDevices => "allDevicesAssignmentTarget",
                _ => throw new InvalidOperationException("A target of another kind is only written as it was read."),
            });
            if (target.GroupId is not null)
            {
                writer.WriteStringValue("groupId", target.GroupId);
            }

            var filtered = target.FilterId is not null && target.FilterType != FilterType.None;
            if (filtered)
            {
                writer.WriteStringValue(FilterIdName, target.FilterId);
            }
            else
            {
                writer.WriteNullValue(FilterIdName);
            }

            writer.WriteStringValue(FilterTypeName, (filtered ? target.FilterType : FilterType.None).ToString().ToLowerInvariant());
        }
    }
}
