using System.Diagnostics.CodeAnalysis;

namespace SmimeOperator.Runtime;

/// <summary>Which objects of a kind are looked at by their metadata.</summary>
/// <typeparam name="TKind">The kind, such as V1Secret.</typeparam>
[SuppressMessage("Major Code Smell", "S2326", Justification = "The kind tells the registrations apart.")]
public sealed class MetadataOptions<TKind>
{
    /// <summary>Only objects with these labels.</summary>
    public string? LabelSelector { get; set; }

    /// <summary>Only objects with these fields, such as type!=helm.sh/release.v1.</summary>
    public string? FieldSelector { get; set; }
}
