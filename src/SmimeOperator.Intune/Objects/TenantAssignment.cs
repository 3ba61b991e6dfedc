using System.Text.Json;

namespace SmimeOperator.Intune;

/// <summary>Whom an assignment speaks of.</summary>
public enum TargetKind
{
    /// <summary>The members of a group (groupAssignmentTarget).</summary>
    Group,

    /// <summary>Everybody but the members of a group (exclusionGroupAssignmentTarget).</summary>
    ExclusionGroup,

    /// <summary>All users (allLicensedUsersAssignmentTarget).</summary>
    AllLicensedUsers,

    /// <summary>All devices (allDevicesAssignmentTarget).</summary>
    AllDevices,

    /// <summary>A kind we do not write; it is kept as it is.</summary>
    Other,
}

/// <summary>What an assignment filter does (Graph deviceAndAppManagementAssignmentFilterType).</summary>
public enum FilterType
{
    /// <summary>No filter.</summary>
    None,

    /// <summary>Devices that match are included.</summary>
    Include,

    /// <summary>Devices that match are excluded.</summary>
    Exclude,
}

/// <summary>Whom an assignment speaks of; two targets are equal when they reach the same people.</summary>
/// <param name="Kind">The kind of target.</param>
/// <param name="GroupId">The group, in lower case.</param>
/// <param name="FilterId">The filter, in lower case; null for none (the zero GUID is read as none).</param>
/// <param name="FilterType">What the filter does.</param>
public readonly record struct AssignmentTarget(TargetKind Kind, string? GroupId = null, string? FilterId = null, FilterType FilterType = FilterType.None);

/// <summary>One assignment of an object.</summary>
/// <param name="Target">Whom it speaks of.</param>
/// <param name="Intent">For apps the install intent (required, available, …); null for anything else.</param>
/// <param name="FromPolicySet">Whether a policy set made it; such assignments are never written back and never removed.</param>
/// <param name="Raw">The assignment as read; kept so that what others wrote survives our writing. Undefined for assignments of our own making.</param>
public sealed record TenantAssignment(AssignmentTarget Target, string? Intent = null, bool FromPolicySet = false, JsonElement Raw = default);
