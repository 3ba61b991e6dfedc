namespace Smimectl;

/// <summary>How bad a finding is.</summary>
internal enum Severity
{
    /// <summary>Good to know.</summary>
    Note,

    /// <summary>May be wrong, which cannot be told from the files alone.</summary>
    Warning,

    /// <summary>Will not work.</summary>
    Error,
}

/// <summary>Something that was found in manifests. Never carries a value of a Secret.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Rule">What it is about.</param>
/// <param name="File">The file.</param>
/// <param name="Line">The line, from 1 on; 0 where it is not known.</param>
/// <param name="Message">The field, the problem, and the way out.</param>
internal sealed record Finding(Severity Severity, FindingRule Rule, string File, int Line, string Message)
{
    /// <summary>The resource as Kind/namespace/name, where one is meant.</summary>
    public string? Resource { get; init; }

    /// <summary>The field, where one is meant.</summary>
    public string? Field { get; init; }
}

/// <summary>What a check looks at: the closed list. Ids stand in reports and in other people's settings: never rename one.</summary>
/// <param name="Id">Its name in reports.</param>
/// <param name="Summary">What it looks at, in a sentence.</param>
internal sealed record FindingRule(string Id, string Summary)
{
    public static readonly FindingRule Syntax = new("syntax", "A file can be read, and is YAML.");
    public static readonly FindingRule Schema = new("schema", "Fields are known, and their values are of the right type and within bounds.");
    public static readonly FindingRule Rule = new("rule", "What the definitions demand of several fields together holds.");
    public static readonly FindingRule Duplicate = new("duplicate", "No resource is stated twice.");
    public static readonly FindingRule Kustomize = new("kustomize", "Kustomizations can be built.");
    public static readonly FindingRule Reference = new("reference", "What a resource refers to is there.");
    public static readonly FindingRule Namespace = new("namespace", "A Tenant allows the namespaces that refer to it.");
    public static readonly FindingRule Import = new("import", "No two imports are about the same certificates of one user.");
    public static readonly FindingRule Assignment = new("assignment", "Assignments do not contradict each other.");
    public static readonly FindingRule ClearText = new("clear-text", "No private key, password or client secret is in a file in clear text.");
    public static readonly FindingRule Empty = new("empty", "There is something to check.");

    /// <summary>All of them, in the order of reports.</summary>
    public static IReadOnlyList<FindingRule> All { get; } =
        [Syntax, Schema, Rule, Duplicate, Kustomize, Reference, Namespace, Import, Assignment, ClearText, Empty];
}

/// <summary>What a validation found.</summary>
/// <param name="Findings">By file and line.</param>
/// <param name="Resources">How many resources of our kinds were read without fault.</param>
internal sealed record ValidationReport(IReadOnlyList<Finding> Findings, int Resources)
{
    /// <summary>How many findings are this bad.</summary>
    public int Count(Severity severity) => Findings.Count(f => f.Severity == severity);

    /// <summary>The same report with warnings made errors.</summary>
    public ValidationReport Strict() => this with { Findings = [.. Findings.Select(f => f.Severity == Severity.Warning ? f with { Severity = Severity.Error } : f)] };
}
