using System.Security.Cryptography;
using System.Text;

namespace Smimectl;

/// <summary>Reads folders of manifests again and again, and parses only the files whose content changed.</summary>
/// <param name="folders">The folders, each with all below it.</param>
/// <param name="reader">Reads each file.</param>
/// <param name="isWanted">Which files count; all that are YAML where it is null.</param>
internal sealed class FolderScanner(IReadOnlyList<string> folders, ManifestReader reader, Func<string, bool>? isWanted = null)
{
    private const int MaxFileSize = 16 * 1024 * 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Dictionary<string, (string Hash, ManifestFile File)> _known = new(StringComparer.Ordinal);
    private FolderContents? _last;

    /// <summary>What the folders state now; the same object as before where nothing changed.</summary>
    public FolderContents Scan()
    {
        var problems = new List<ManifestProblem>();
        var changed = false;
        var found = new HashSet<string>(StringComparer.Ordinal);
        // One folder may lie in another, or be named twice in different ways.
        foreach (var path in folders.SelectMany(f => Paths(f, problems)).DistinctBy(Path.GetFullPath, StringComparer.Ordinal).Where(p => isWanted?.Invoke(p) != false))
        {
            try
            {
                found.Add(path);
                changed |= Look(path);
            }
            catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
            {
                // Removed since the folder was listed: the same as not having been listed. A name that is no text is listed and never found.
                found.Remove(path);
                if (path.Contains('\uFFFD', StringComparison.Ordinal))
                {
                    problems.Add(Unreadable(path, "its name is not UTF-8; rename it"));
                }
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                problems.Add(Unreadable(path, fault.Message));
                changed |= _known.Remove(path);
            }
        }

        foreach (var gone in _known.Keys.Where(k => !found.Contains(k)).ToList())
        {
            _known.Remove(gone);
            changed = true;
        }

        // What could not be read may be readable now, with the same content as before.
        return changed || _last is null || problems.Count > 0 || _last.Problems.Any(p => p.Line == 0) ? _last = FolderContents.Of(Files(), problems) : _last;
    }

    // A Secret that another folder holds decrypted is that one: it was put there to be read in place of the encrypted one.
    private List<ManifestFile> Files()
    {
        var files = _known.OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => (Folder: FolderOf(k.Key), k.Value.File)).ToList();
        if (folders.Count == 1)
        {
            return [.. files.Select(f => f.File)];
        }

        var readable = files.SelectMany(f => f.File.Resources.OfType<DataManifest>().Where(d => !d.IsEncrypted), (f, d) => (d.Key, f.Folder)).ToLookup(d => d.Key, d => d.Folder);
        return
        [
            .. files.Select(f => f.File with
            {
                Resources = [.. f.File.Resources.Where(r => r is not DataManifest { IsEncrypted: true } || readable[r.Key].All(folder => folder == f.Folder))],
            }),
        ];
    }

    private string FolderOf(string path) => folders.Where(f => path.StartsWith(f, StringComparison.Ordinal)).MaxBy(f => f.Length) ?? "";

    private bool Look(string path)
    {
        if (new FileInfo(path).Length > MaxFileSize)
        {
            throw new IOException($"it is larger than {MaxFileSize / 1024 / 1024} MB");
        }

        var bytes = File.ReadAllBytes(path);
        try
        {
            var hash = Convert.ToHexString(SHA256.HashData(bytes));
            if (_known.TryGetValue(path, out var known) && known.Hash == hash)
            {
                return false;
            }

            _known[path] = (hash, Parse(path, bytes));
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private ManifestFile Parse(string path, byte[] bytes)
    {
        try
        {
            return reader.Read(path, Utf8.GetString(bytes));
        }
        catch (DecoderFallbackException)
        {
            return new ManifestFile([], [new ManifestProblem(path, 1, "is not UTF-8 text") { Fault = ManifestFault.Syntax }], []);
        }
    }

    // Ordinal order makes problems and progress come out the same on every machine.
    private static IEnumerable<string> Paths(string folder, List<ManifestProblem> problems) =>
        FolderFiles.Below(folder, (path, fault) => problems.Add(Unreadable(path, fault.Message)))
            .Where(p => Path.GetExtension(p) is ".yaml" or ".yml").Order(StringComparer.Ordinal);

    private static ManifestProblem Unreadable(string path, string why) => new(path, 0, $"cannot be read: {why}") { Fault = ManifestFault.Syntax };
}
