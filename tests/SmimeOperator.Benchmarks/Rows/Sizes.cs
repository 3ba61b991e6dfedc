namespace SmimeOperator.Benchmarks.Rows;

/// <summary>How big the measured cluster is.</summary>
/// <param name="Imports">CertificateImports, with one certificate each.</param>
/// <param name="Users">Users that they belong to.</param>
/// <param name="Secrets">Secrets in the cluster, the imports' among them.</param>
/// <param name="Policies">SmimePolicies.</param>
/// <param name="Assignments">Assignments, each to a group of its own.</param>
/// <param name="Applies">How often the latency of an apply is measured.</param>
internal sealed record Sizes(int Imports, int Users, int Secrets, int Policies, int Assignments, int Applies)
{
    /// <summary>What the design promises figures for.</summary>
    public static Sizes Promised { get; } = new(10_000, 4_000, 50_000, 50, 200, 200);

    /// <summary>The same with another number of imports and everything else in proportion.</summary>
    public static Sizes Of(int imports) => Promised with
    {
        Imports = imports,
        Users = Math.Max(1, imports * 4 / 10),
        Secrets = imports * 5,
    };
}
