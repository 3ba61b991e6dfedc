using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator.Schema;

namespace SmimeOperator.TenantSimulator.Writes;

/// <summary>A request body held against the types: what it sets, in the service's own spelling, and what is wrong with it.</summary>
internal sealed class WriteBody
{
    /// <summary>What the body sets; values are new nodes that nobody else holds.</summary>
    public JsonObject Properties { get; } = [];

    /// <summary>The @odata.bind entries: navigation property to reference.</summary>
    public List<KeyValuePair<NavigationKind, string>> Bindings { get; } = [];

    /// <summary>Everything the official schema or the service's rules forbid.</summary>
    public List<string> Violations { get; } = [];
}
