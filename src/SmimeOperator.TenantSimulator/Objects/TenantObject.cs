using System.Collections.Immutable;
using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator.Schema;

namespace SmimeOperator.TenantSimulator.Objects;

/// <summary>
/// One object of the tenant at one moment. A change makes a new one, so that a reader needs no lock and an old picture of a
/// collection stays what it was.
/// </summary>
internal sealed record TenantObject
{
    public required string Id { get; init; }

    public required TypeKind Type { get; init; }

    /// <summary>Where it stands in its collection; paging continues behind it.</summary>
    public required long Sequence { get; init; }

    /// <summary>The structural properties. Never changed once the object is in a collection.</summary>
    public required JsonObject Properties { get; init; }

    public ImmutableArray<JsonObject> Assignments { get; init; } = [];

    /// <summary>Navigation property to the id of the object it leads to.</summary>
    public ImmutableDictionary<string, string> References { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Status summaries by the name of their navigation property; what is not set shows zeros.</summary>
    public ImmutableDictionary<string, JsonObject> Summaries { get; init; } = ImmutableDictionary<string, JsonObject>.Empty;

    /// <summary>Ids of the direct members of a group, in the order in which they came.</summary>
    public ImmutableList<string> Members { get; init; } = [];

    /// <summary>Until then readers do not find a new object.</summary>
    public DateTimeOffset VisibleFrom { get; init; }

    /// <summary>What was uploaded and never comes back through Graph.</summary>
    public StoredPfx? Pfx { get; init; }

    /// <summary>The plain answer, rendered when it is first asked for.</summary>
    public RenderedObject Rendered { get; } = new();

    public string? Text(string property) =>
        Properties.TryGetPropertyValue(property, out var node) && node is JsonValue value && value.TryGetValue<string>(out var text)
            ? text
            : null;

    /// <summary>A copy that a change can work on. The rendered answer does not follow it.</summary>
    public TenantObject With(JsonObject properties) => new()
    {
        Id = Id,
        Type = Type,
        Sequence = Sequence,
        Properties = properties,
        Assignments = Assignments,
        References = References,
        Summaries = Summaries,
        Members = Members,
        VisibleFrom = VisibleFrom,
        Pfx = Pfx,
    };

    public TenantObject With(ImmutableArray<JsonObject> assignments, JsonObject properties) =>
        With(properties) with { Assignments = assignments };
}

/// <summary>Rendered answers of one object; two readers may both make one, which does no harm.</summary>
internal sealed class RenderedObject
{
    public byte[]? Plain { get; set; }

    public byte[]? WithAssignments { get; set; }
}
