using SmimeOperator.Api.Schema;

namespace SmimeOperator.Api;

/// <summary>What happens when the tenant differs from what was last applied while the spec has not changed.</summary>
public enum DriftMode
{
    /// <summary>Repair it and report it.</summary>
    Correct,

    /// <summary>Report it only.</summary>
    Detect,

    /// <summary>Do not look.</summary>
    Off,
}

/// <summary>How drift is dealt with.</summary>
public sealed class DriftSpec
{
    /// <summary>Correct (the default), Detect or "Off": in quotes, for YAML takes a bare Off for false.</summary>
    public DriftMode Mode { get; set; } = DriftMode.Correct;

    /// <summary>JSON pointers of fields that are never compared, such as /description.</summary>
    [SetList, Items(64), Length(256), Matches("^(/[^/]+)+$", "/description")]
    public List<string>? Ignore { get; set; }

    /// <summary>Also correct drift where the correction takes something from people, such as revoking certificates. Default false.</summary>
    public bool AllowDisruptive { get; set; }
}

/// <summary>What happens to the objects in the tenant when the resource is deleted.</summary>
public enum DeletionPolicy
{
    /// <summary>They are deleted too.</summary>
    Delete,

    /// <summary>They stay as they are.</summary>
    Orphan,
}

/// <summary>One difference between the tenant and what was last applied.</summary>
public sealed class DriftEntry
{
    /// <summary>The object that differs: its kind and name.</summary>
    public string Object { get; set; } = "";

    /// <summary>The object's id in the tenant.</summary>
    public string? Id { get; set; }

    /// <summary>JSON pointer of the field; empty when the object as a whole is missing or too many.</summary>
    public string Path { get; set; } = "";

    /// <summary>What should be there; not set for fields that are never shown.</summary>
    public string? Expected { get; set; }

    /// <summary>What was found; not set for fields that are never shown.</summary>
    public string? Observed { get; set; }

    /// <summary>When it was first seen.</summary>
    public DateTime? SeenAt { get; set; }

    /// <summary>Whether it was corrected, in the reconciliation that found it.</summary>
    public bool Corrected { get; set; }
}
