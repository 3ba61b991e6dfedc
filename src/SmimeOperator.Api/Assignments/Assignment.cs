using k8s;
using k8s.Models;
using SmimeOperator.Api.Schema;

namespace SmimeOperator.Api;

/// <summary>Who gets a policy: app policy, profiles, roots and the app together.</summary>
[KubernetesEntity(Group = ApiGroup.Name, ApiVersion = ApiGroup.Version, Kind = KubeKind, PluralName = "assignments")]
[ResourceNames("assignments", "sma")]
[SelectableField(".spec.policyRef.name")]
[PrinterColumn("Ready", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn("Reason", ".status.conditions[?(@.type==\"Ready\")].reason")]
[PrinterColumn("Drift", ".status.conditions[?(@.type==\"Drifted\")].status")]
[PrinterColumn("Policy", ".spec.policyRef.name")]
[PrinterColumn("Age", ".metadata.creationTimestamp", "date")]
[PrinterColumn("Message", ".status.conditions[?(@.type==\"Ready\")].message", Priority = 1)]
public sealed class Assignment : IKubernetesObject<V1ObjectMeta>, ISpec<AssignmentSpec>, IStatus<AssignmentStatus?>
{
    /// <summary>The kind as manifests write it.</summary>
    public const string KubeKind = "Assignment";

    /// <summary>The version of the API that the manifest is written for.</summary>
    public string ApiVersion { get; set; } = ApiGroup.ApiVersion;

    /// <summary>The kind of resource.</summary>
    public string Kind { get; set; } = KubeKind;

    /// <summary>Name, namespace, labels and annotations.</summary>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>Which policy, and who gets it.</summary>
    [Mandatory]
    public AssignmentSpec Spec { get; set; } = new();

    /// <summary>What the tenant holds.</summary>
    public AssignmentStatus? Status { get; set; }
}

/// <summary>Which policy, and who gets it.</summary>
public sealed class AssignmentSpec
{
    /// <summary>The SmimePolicy, in the same namespace.</summary>
    [Mandatory]
    public LocalReference PolicyRef { get; set; } = new();

    /// <summary>Who gets it.</summary>
    [Mandatory, Items(100, Min = 1)]
    public List<IncludeTarget> Include { get; set; } = [];

    /// <summary>Who does not get it although they are included.</summary>
    [Items(100)]
    public List<ExcludeTarget>? Exclude { get; set; }

    /// <summary>How the app itself is assigned.</summary>
    public AppAssignment App { get; set; } = new();

    /// <summary>What someone added in the portal: Remove (the default) or Keep.</summary>
    public ForeignAssignments Foreign { get; set; } = ForeignAssignments.Remove;

    /// <summary>How drift is dealt with.</summary>
    public DriftSpec Drift { get; set; } = new();

    /// <summary>Look at nothing and change nothing until this is false again.</summary>
    public bool Suspend { get; set; }
}

/// <summary>Who gets the policy: a group, all users or all devices.</summary>
[CelRule("(has(self.group) ? 1 : 0) + (has(self.allUsers) && self.allUsers ? 1 : 0) + (has(self.allDevices) && self.allDevices ? 1 : 0) == 1",
    "each item of include names exactly one of group, allUsers: true or allDevices: true")]
public sealed class IncludeTarget
{
    /// <summary>An Entra group.</summary>
    public GroupReference? Group { get; set; }

    /// <summary>All licensed users.</summary>
    public bool? AllUsers { get; set; }

    /// <summary>All devices.</summary>
    public bool? AllDevices { get; set; }

    /// <summary>An assignment filter that narrows it down. A filter is of one platform, and its target reaches that platform alone.</summary>
    public FilterReference? Filter { get; set; }

    /// <summary>The platforms that it reaches. Without it: all of the policy's, or the filter's.</summary>
    [SetList, Items(4, Min = 1)]
    public List<DevicePlatform>? Platforms { get; set; }
}

/// <summary>Who does not get the policy.</summary>
public sealed class ExcludeTarget
{
    /// <summary>An Entra group.</summary>
    [Mandatory]
    public GroupReference Group { get; set; } = new();
}

/// <summary>An Entra group by id or by unique name.</summary>
[CelRule("has(self.id) != has(self.displayName)", "name the group either by id or by displayName")]
public sealed class GroupReference
{
    /// <summary>The group's object id.</summary>
    [GuidText]
    public string? Id { get; set; }

    /// <summary>The group's name; it must be unique in the tenant.</summary>
    [Length(256, Min = 1)]
    public string? DisplayName { get; set; }
}

/// <summary>An assignment filter by id or by unique name.</summary>
[CelRule("has(self.id) != has(self.displayName)", "name the filter either by id or by displayName")]
public sealed class FilterReference
{
    /// <summary>The filter's id.</summary>
    [GuidText]
    public string? Id { get; set; }

    /// <summary>The filter's name; it must be unique in the tenant.</summary>
    [Length(256, Min = 1)]
    public string? DisplayName { get; set; }

    /// <summary>Whether devices that match are included or excluded.</summary>
    [Mandatory]
    public FilterMode? Mode { get; set; }
}

/// <summary>What a filter does to devices that match.</summary>
public enum FilterMode
{
    /// <summary>They are included.</summary>
    Include,

    /// <summary>They are excluded.</summary>
    Exclude,
}

/// <summary>How the app itself is assigned.</summary>
public sealed class AppAssignment
{
    /// <summary>Required (the default), Available or None.</summary>
    public AppIntent Intent { get; set; } = AppIntent.Required;

    /// <summary>How the iOS app behaves once assigned. Without it the tenant's settings are left alone.</summary>
    public AppSettings? Settings { get; set; }
}

/// <summary>How an app reaches people.</summary>
public enum AppIntent
{
    /// <summary>It is installed.</summary>
    Required,

    /// <summary>Users may install it.</summary>
    Available,

    /// <summary>The app's assignment is left alone.</summary>
    None,
}

/// <summary>What happens to assignments that someone added in the portal.</summary>
public enum ForeignAssignments
{
    /// <summary>They are removed.</summary>
    Remove,

    /// <summary>They stay.</summary>
    Keep,
}

/// <summary>What the tenant holds.</summary>
public sealed class AssignmentStatus : ResourceStatus
{
    /// <summary>The groups and filters that names were resolved to; ids win from then on.</summary>
    [Items(256)]
    public List<ResolvedTarget>? Targets { get; set; }
}

/// <summary>A name and the id it was resolved to.</summary>
public sealed class ResolvedTarget
{
    /// <summary>Group or Filter.</summary>
    public string Kind { get; set; } = "";

    /// <summary>The name in the spec, if it named it by name.</summary>
    public string? DisplayName { get; set; }

    /// <summary>The id.</summary>
    public string Id { get; set; } = "";

    /// <summary>How the app was assigned to it, in the service's words; absent where the app was left alone.</summary>
    public string? AppIntent { get; set; }

    /// <summary>The platform that a filter is for, in the service's words.</summary>
    public string? Platform { get; set; }
}
