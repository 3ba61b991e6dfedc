namespace Smimectl;

/// <summary>Checks manifests without asking anybody: no cluster, no tenant.</summary>
internal static class FolderValidator
{
    /// <summary>Checks a folder, a file, or the input where the path is -.</summary>
    /// <exception cref="IOException">There is nothing to read.</exception>
    /// <exception cref="KustomizeException">kubectl is needed and not installed.</exception>
    public static async Task<ValidationReport> RunAsync(string path, KustomizeMode mode, TextReader input, CancellationToken cancellationToken)
    {
        var checks = new Checks(await ManifestSources.ReadAsync(path, mode, input, cancellationToken));
        foreach (var set in checks.Sets)
        {
            foreach (var problem in set.Contents.Problems)
            {
                checks.Report(set, problem);
            }
        }

        ReferenceCheck.Run(checks);
        DataCheck.Run(checks);
        RivalCheck.Run(checks);
        ClearTextCheck.Run(checks);
        var resources = checks.Sets.Sum(s => s.Contents.Resources.Values.Count(r => r is CustomManifest));
        if (resources == 0 && checks.Findings.Count == 0)
        {
            checks.ReportEmpty(path);
        }

        // Overlays that share a base find the same in it.
        return new ValidationReport(
            [
                .. checks.Findings.Select(f => f with { File = Shown(f.File) }).Distinct()
                    .OrderBy(f => f.File, StringComparer.Ordinal).ThenBy(f => f.Line).ThenByDescending(f => f.Severity).ThenBy(f => f.Message, StringComparer.Ordinal),
            ],
            resources);
    }

    // Relative to where we are, which is the repository's root for a build server: by such paths its reports find the file.
    private static string Shown(string file)
    {
        if (file == ManifestSources.Stream)
        {
            return file;
        }

        var relative = Path.GetRelativePath(Environment.CurrentDirectory, Path.GetFullPath(file));
        return (relative.StartsWith("..", StringComparison.Ordinal) ? Path.GetFullPath(file) : relative).Replace('\\', '/');
    }
}
