using SmimeOperator.Api.Schema;

namespace SmimeOperator.Api;

/// <summary>Names the Tenant that a resource belongs to.</summary>
public sealed class TenantReference
{
    /// <summary>Name of the Tenant.</summary>
    [Mandatory, Length(253, Min = 1)]
    public string Name { get; set; } = "";

    /// <summary>Namespace of the Tenant; the resource's own if not written. A Tenant says in allowedNamespaces who may refer to it.</summary>
    [Length(63, Min = 1)]
    public string? Namespace { get; set; }
}

/// <summary>Names another resource of ours in the same namespace.</summary>
public sealed class LocalReference
{
    /// <summary>Name of the resource.</summary>
    [Mandatory, Length(253, Min = 1)]
    public string Name { get; set; } = "";
}

/// <summary>What kind of object holds a value.</summary>
public enum DataKind
{
    /// <summary>A ConfigMap: for public data.</summary>
    ConfigMap,

    /// <summary>A Secret.</summary>
    Secret,
}

/// <summary>One value in a ConfigMap or a Secret of the same namespace.</summary>
public sealed class DataReference
{
    /// <summary>ConfigMap or Secret.</summary>
    [Mandatory]
    public DataKind? Kind { get; set; }

    /// <summary>Name of the ConfigMap or Secret.</summary>
    [Mandatory, Length(253, Min = 1)]
    public string Name { get; set; } = "";

    /// <summary>The key in its data.</summary>
    [Mandatory, Length(253, Min = 1)]
    public string Key { get; set; } = "";
}

/// <summary>One value in a Secret of the same namespace.</summary>
public sealed class SecretKeyReference
{
    /// <summary>Name of the Secret.</summary>
    [Mandatory, Length(253, Min = 1)]
    public string Name { get; set; } = "";

    /// <summary>The key in its data.</summary>
    [Mandatory, Length(253, Min = 1)]
    public string Key { get; set; } = "";
}

/// <summary>Selects objects by their labels; an empty selector selects everything.</summary>
public sealed class LabelSelector
{
    /// <summary>Labels that the object must carry with just these values.</summary>
    public Dictionary<string, string>? MatchLabels { get; set; }

    /// <summary>Further demands on labels, all of which must hold.</summary>
    [Items(32)]
    public List<LabelRequirement>? MatchExpressions { get; set; }
}

/// <summary>One demand on a label.</summary>
[CelRule("(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
    "In and NotIn need values; Exists and DoesNotExist take none")]
public sealed class LabelRequirement
{
    /// <summary>The label's key.</summary>
    [Mandatory, Length(317, Min = 1)]
    public string Key { get; set; } = "";

    /// <summary>How the label is compared.</summary>
    [Mandatory]
    public LabelOperator? Operator { get; set; }

    /// <summary>The values for In and NotIn.</summary>
    [Items(64), Length(63)]
    public List<string>? Values { get; set; }
}

/// <summary>How a label is compared.</summary>
public enum LabelOperator
{
    /// <summary>The label's value is one of the values.</summary>
    In,

    /// <summary>The label is absent or its value is none of the values.</summary>
    NotIn,

    /// <summary>The label is there.</summary>
    Exists,

    /// <summary>The label is absent.</summary>
    DoesNotExist,
}
