namespace Smimectl;

/// <summary>
/// Tells when to look at the folders: at once when the file system says that something changed, and every second besides, for it does not
/// always say so (network drives, containers' mounts).
/// </summary>
internal sealed class FolderWatcher : IDisposable
{
    private static readonly TimeSpan Rescan = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _hint = new(0, 1);
    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly TimeProvider _time;

    public FolderWatcher(IEnumerable<string> folders, TimeProvider time)
    {
        _time = time;
        foreach (var folder in folders)
        {
            try
            {
                var watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true };
                watcher.Changed += (_, _) => Hint();
                watcher.Created += (_, _) => Hint();
                watcher.Deleted += (_, _) => Hint();
                watcher.Renamed += (_, _) => Hint();
                watcher.EnableRaisingEvents = true;
                _watchers.Add(watcher);
            }
            catch (Exception fault) when (fault is IOException or ArgumentException or UnauthorizedAccessException)
            {
                // No folder yet, or no watches left on this machine: the scan every second finds everything too.
                continue;
            }
        }
    }

    /// <summary>Waits for a hint, but no longer than a second.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_hint.WaitAsync(either.Token), Task.Delay(Rescan, _time, either.Token));
        await either.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Asks for a look.</summary>
    public void Hint()
    {
        lock (_hint)
        {
            if (_hint.CurrentCount == 0)
            {
                _hint.Release();
            }
        }
    }

    public void Dispose() => _watchers.ForEach(w => w.Dispose());
}
