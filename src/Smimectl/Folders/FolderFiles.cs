namespace Smimectl;

/// <summary>Lists the files of a folder, with all below it. Hidden ones are editors' and tools' own.</summary>
internal static class FolderFiles
{
    // What cannot be listed is a fault and not an empty folder: whoever takes it for one takes its resources for removed.
    private static readonly EnumerationOptions Shown = new() { IgnoreInaccessible = false, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System };

    /// <summary>The files; a link that leads back to a folder above it is not followed.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="onFault">Told of a folder that cannot be listed.</param>
    public static IEnumerable<string> Below(string folder, Action<string, Exception> onFault) => Walk(folder, Real(folder), [], onFault);

    private static List<string> Walk(string folder, string real, HashSet<string> above, Action<string, Exception> onFault)
    {
        if (!above.Add(real))
        {
            return [];
        }

        try
        {
            var files = Directory.EnumerateFiles(folder, "*", Shown).ToList();
            foreach (var inner in Directory.EnumerateDirectories(folder, "*", Shown))
            {
                files.AddRange(Walk(inner, new DirectoryInfo(inner).LinkTarget is null ? Path.Combine(real, Path.GetFileName(inner)) : Real(inner), above, onFault));
            }

            return files;
        }
        catch (DirectoryNotFoundException) when (above.Count > 1)
        {
            // Removed since the folder above it was listed.
            return [];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            onFault(folder, fault);
            return [];
        }
        finally
        {
            above.Remove(real);
        }
    }

    private static string Real(string folder) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder));
}
