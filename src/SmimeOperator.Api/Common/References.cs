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
