namespace Smimectl;

/// <summary>Something in a manifest that cannot be used. Never carries a value of a Secret.</summary>
/// <param name="File">The file as the user named its folder.</param>
/// <param name="Line">The line, from 1 on; 0 where the file as a whole is meant.</param>
/// <param name="Message">What is wrong and what to write instead.</param>
internal sealed record ManifestProblem(string File, int Line, string Message)
{
    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Message}" : $"{File}: {Message}";
}
