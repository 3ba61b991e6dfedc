using k8s.Models;
using SmimeOperator.Api.Schema;

namespace SmimeOperator.Api;

/// <summary>What the status of every kind says.</summary>
public abstract class ResourceStatus
{
    /// <summary>The generation that the status speaks of; -1 until the operator has looked.</summary>
    public long ObservedGeneration { get; set; } = -1;

    /// <summary>Ready always; Reconciling and Stalled only while true; Drifted; and the kind's own.</summary>
    [MapList("type"), Items(32)]
    public List<V1Condition>? Conditions { get; set; }

    /// <summary>What this resource owns in the tenant.</summary>
    [Items(512)]
    public List<OwnedObject>? Objects { get; set; }

    /// <summary>Where the tenant differs from what was last applied.</summary>
    [Items(256)]
    public List<DriftEntry>? Drift { get; set; }

    /// <summary>Corrections of drift that the service accepted, counted in a row: they tell, after a restart too, which of them have no effect.</summary>
    [Items(256)]
    public List<AcceptedCorrection>? Corrections { get; set; }

    /// <summary>The value of the reconcile request that was handled last.</summary>
    public string? LastHandledReconcileAt { get; set; }
}

/// <summary>A correction of drift that the service accepted.</summary>
public sealed class AcceptedCorrection
{
    /// <summary>What part the corrected object plays for the resource.</summary>
    public string Role { get; set; } = "";

    /// <summary>Hash of what was corrected; another difference counts anew.</summary>
    public string Hash { get; set; } = "";

    /// <summary>How many times in a row the service accepted it.</summary>
    public int Count { get; set; }

    /// <summary>When it was accepted last.</summary>
    public DateTime? AcceptedAt { get; set; }

    /// <summary>Whether it is no longer sent, until the spec changes or a person asks.</summary>
    public bool Refused { get; set; }
}

/// <summary>An object in the tenant that a resource owns.</summary>
public sealed class OwnedObject
{
    /// <summary>The Graph type, such as iosMobileAppConfiguration.</summary>
    public string Kind { get; set; } = "";

    /// <summary>The object's id in the tenant.</summary>
    public string Id { get; set; } = "";

    /// <summary>The object's name as people see it.</summary>
    public string? Name { get; set; }

    /// <summary>What part the object plays for the resource, such as app-policy or root/contoso-root.</summary>
    public string Role { get; set; } = "";

    /// <summary>Hash of what was last applied; the baseline that tells a change in git from drift.</summary>
    public string? AppliedHash { get; set; }

    /// <summary>Keys of the settings list that the operator wrote; what others added there stays.</summary>
    [SetList, Items(256)]
    public List<string>? Keys { get; set; }

    /// <summary>Whether the operator made the object; what it did not make it never deletes.</summary>
    public bool Created { get; set; }
}

/// <summary>The condition types, a closed list.</summary>
public static class ConditionTypes
{
    /// <summary>The tenant equals the spec, as last read.</summary>
    public const string Ready = "Ready";

    /// <summary>Work is in hand or waits for something that passes by itself. Only present while True.</summary>
    public const string Reconciling = "Reconciling";

    /// <summary>A person must act. Only present while True.</summary>
    public const string Stalled = "Stalled";

    /// <summary>The tenant was found different from what was last applied.</summary>
    public const string Drifted = "Drifted";

    /// <summary>Policy: what S/MIME needs beside the policy itself is there.</summary>
    public const string PrerequisitesMet = "PrerequisitesMet";

    /// <summary>Import: every source is in the tenant.</summary>
    public const string HistoryComplete = "HistoryComplete";

    /// <summary>Import: the newest certificate ends within thirty days.</summary>
    public const string ExpiringSoon = "ExpiringSoon";

    /// <summary>Tenant: a token of the pinned tenant was obtained.</summary>
    public const string CredentialsValid = "CredentialsValid";

    /// <summary>Tenant: the token carries every permission that is needed.</summary>
    public const string PermissionsGranted = "PermissionsGranted";

    /// <summary>Tenant: a certificate connector is active and new enough.</summary>
    public const string ConnectorHealthy = "ConnectorHealthy";
}
