namespace Smimectl;

/// <summary>Which kind of demand a manifest does not meet.</summary>
internal enum ManifestFault
{
    /// <summary>It is no YAML that can be read, or cannot be read at all.</summary>
    Syntax,

    /// <summary>Fields, types, values, bounds.</summary>
    Schema,

    /// <summary>A rule about several fields.</summary>
    Rule,

    /// <summary>Two documents state one resource.</summary>
    Duplicate,

    /// <summary>A kustomization cannot be built.</summary>
    Build,
}

/// <summary>Something in a manifest that cannot be used. Never carries a value of a Secret.</summary>
/// <param name="File">The file as the user named its folder.</param>
/// <param name="Line">The line, from 1 on; 0 where the file as a whole is meant.</param>
/// <param name="Message">What is wrong and what to write instead.</param>
internal sealed record ManifestProblem(string File, int Line, string Message)
{
    /// <summary>The field, such as spec.sources[0].name; null where no one field is meant.</summary>
    public string? Field { get; init; }

    /// <summary>Which kind of demand is not met.</summary>
    public ManifestFault Fault { get; init; } = ManifestFault.Schema;

    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Message}" : $"{File}: {Message}";
}
