namespace SmimeOperator.Architecture.Tests.Arrows;

/// <summary>The rooms of the house, and the arrows that docs/architecture.md draws between them.</summary>
internal static class Rooms
{
    public const string Api = "SmimeOperator.Api";
    public const string Certificates = "SmimeOperator.Certificates";
    public const string Intune = "SmimeOperator.Intune";
    public const string Reconciliation = "SmimeOperator.Reconciliation";
    public const string Runtime = "SmimeOperator.Runtime";
    public const string Operator = "SmimeOperator";
    public const string CommandLine = "Smimectl";
    public const string Simulator = "SmimeOperator.TenantSimulator";

    /// <summary>For each room the rooms that its project names.</summary>
    public static IReadOnlyDictionary<string, string[]> Arrows { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        [Api] = [],
        [Certificates] = [],
        [Intune] = [],
        [Reconciliation] = [Api, Certificates, Intune],
        [Runtime] = [],
        [Operator] = [Reconciliation, Runtime],
        [CommandLine] = [Reconciliation, Simulator],
        [Simulator] = [],
    };

    /// <summary>What a room must do without, as beginnings of assembly names: the reason why it is a room of its own.</summary>
    public static IReadOnlyDictionary<string, string[]> Strangers { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        [Api] = ["Microsoft.Graph", "Azure.", "BouncyCastle", "Microsoft.AspNetCore"],
        [Certificates] = ["KubernetesClient", "Microsoft.Graph", "Azure.", "Microsoft.AspNetCore"],
        [Intune] = ["KubernetesClient", "BouncyCastle", "Microsoft.AspNetCore"],
        [Reconciliation] = ["Microsoft.AspNetCore", "OpenTelemetry", "Spectre", "System.CommandLine"],
        [Runtime] = ["Microsoft.Graph", "Azure.", "BouncyCastle", "Microsoft.AspNetCore"],
        [Operator] = ["BouncyCastle", "Spectre", "System.CommandLine"],
        [CommandLine] = ["BouncyCastle", "OpenTelemetry"],
        // The simulator judges what the operator sends, so it must not share the operator's idea of the service.
        [Simulator] = ["KubernetesClient", "Microsoft.Graph", "Azure.", "BouncyCastle"],
    };

    /// <summary>Every room that can be reached from one.</summary>
    public static IReadOnlySet<string> ReachableFrom(string room)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(Arrows[room]);
        while (open.TryPop(out var next))
        {
            if (reached.Add(next))
            {
                Array.ForEach(Arrows[next], open.Push);
            }
        }

        return reached;
    }
}
