using Microsoft.Extensions.DependencyInjection;
using SmimeOperator.Api;
using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>Keeps a tenant as folders of manifests say: scans, reconciles, wakes whoever has to look again, and remembers.</summary>
internal sealed class FolderSync : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SyncOptions _options;
    private readonly IStateKeeper _file;
    private readonly ServiceProvider? _own;
    private readonly ResourceState _state;
    private readonly FolderScanner _scanner;
    private readonly Agenda _agenda;
    private readonly Reconcilers _reconcilers;
    private readonly FolderCatalog _catalog;
    private readonly long _started;
    private readonly int _remembered;
    private FolderContents _contents = FolderContents.Empty;
    private bool _scanned;

    private FolderSync(SyncOptions options, IStateKeeper file, ResourceState state, FolderScanner scanner)
    {
        (_options, _file, _state, _scanner) = (options, file, state, scanner);
        _own = options.Services is null
            ? new ServiceCollection().AddSingleton(options.Time).AddIntune(o => o.DryRun = options.Recorder is not null).AddReconciliation().BuildServiceProvider()
            : null;
        var services = options.Services ?? _own!;
        _agenda = new Agenda(state, options.Time, services.GetRequiredService<Func<double>>());
        _reconcilers = new Reconcilers(services);
        _catalog = new FolderCatalog(state);
        _started = options.Time.GetTimestamp();
        _remembered = state.Records.Count;
    }

    /// <summary>What is known, for views and for whoever waits.</summary>
    public SyncBoard Board { get; } = new();

    /// <summary>What the folders state.</summary>
    public FolderContents Contents => _contents;

    /// <summary>Whether nothing is stated, can be read or was remembered.</summary>
    public bool IsAboutNothing => _remembered == 0 && _state.Records.Count == 0 && _contents.Problems.Count == 0;

    /// <summary>Part of the mark on what is made.</summary>
    public string ClusterId => _state.ClusterId;

    /// <summary>Opens the state and gets ready; nothing is sent yet.</summary>
    /// <exception cref="StateFileException">The state is in use, damaged, or of another cluster id.</exception>
    public static FolderSync Open(SyncOptions options)
    {
        IStateKeeper file = options.Recorder is null
            ? StateFile.Open(options.StatePath)
            : options.Cluster is { } cluster
                ? new BorrowedState(cluster.Saved, DataVersions.Passing())
                : new BorrowedState(StateFile.Read(options.StatePath), DataVersions.Borrow(StateFile.KeyOf(options.StatePath)));
        try
        {
            var saved = file.Load();
            if (saved is { } other && options.ClusterId is { } wanted && other.ClusterId != wanted)
            {
                throw new StateFileException(
                    $"{options.StatePath} belongs to cluster id {other.ClusterId}; with {wanted} nothing in the tenant would be recognised as ours. Name another --state");
            }

            var state = new ResourceState(
                saved?.ClusterId ?? options.ClusterId ?? DefaultClusterId(options.Folders[0]), new TenantOverrides(options.TenantEndpoint, options.ClientId), options.Time, options.RemovalDelay, options.Recorder is not null);
            IReadOnlyList<ResourceRecord> records = saved?.Records ?? [];
            state.Restore(options.Scope?.Of(records) ?? records, options.Cluster?.Context);
            return new FolderSync(options, file, state, new FolderScanner(options.Folders, new ManifestReader(file.Versions)));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Works until it is cancelled; then lets what is in hand end, and saves.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var watcher = new FolderWatcher(_options.Folders, _options.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var hard = new CancellationTokenSource();
        using var closing = stop.Token.Register(_agenda.Close);
        var tasks = Enumerable.Range(0, _options.Workers).Select(_ => WorkAsync(stop.Token, hard.Token)).Append(LookAsync(watcher, stop.Token)).ToList();
        // None of them ends by itself: the first to end was cancelled or met a fault, such as a full disk, that ends all.
        await Task.WhenAny(tasks);
        await stop.CancelAsync();
        hard.CancelAfter(Patience);
        await Task.WhenAll(tasks);
        await _file.SaveAsync(_state);
    }

    public async ValueTask DisposeAsync()
    {
        _agenda.Dispose();
        if (_own is not null)
        {
            await _own.DisposeAsync();
        }

        _file.Dispose();
    }

    private async Task LookAsync(FolderWatcher watcher, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await ScanAsync();
                await watcher.WaitAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task ScanAsync()
    {
        var contents = _options.Contents ?? _scanner.Scan();
        contents = _options.Scope?.Of(contents) ?? contents;
        if (_scanned && ReferenceEquals(contents, _contents) && !_state.HasPendingRemovals)
        {
            return;
        }

        var isFirst = !_scanned;
        (_contents, _scanned) = (contents, true);
        var change = _state.Apply(contents);
        if (isFirst)
        {
            _agenda.Begin();
        }
        else
        {
            _agenda.Changed(change);
        }

        await _file.SaveAsync(_state);
        Board.Update(v => v with { Problems = [.. contents.Problems, .. _state.Problems], Skipped = contents.Skipped });
        Refresh();
    }

    private async Task WorkAsync(CancellationToken stop, CancellationToken hard)
    {
        while (await _agenda.TakeAsync() is { } key)
        {
            try
            {
                await ProcessAsync(key, hard);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            finally
            {
                _agenda.Done(key);
                Refresh();
            }
        }
    }

    private async Task ProcessAsync(ResourceKey key, CancellationToken cancellationToken)
    {
        if (_state.Find(key) is not { } record)
        {
            return;
        }

        var scope = new ReconcileScope(_catalog, (status, _) => ProgressAsync(key, status)) { KeepRemovals = KeepRemovalsAsync, Observer = _options.Recorder?.Of(key) };
        ReconcileResult result;
        try
        {
            result = await _reconcilers.RunAsync(record, scope, cancellationToken);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            // Only a fault of ours ends up here. One resource's must not end the work for all others.
            Board.Report([new BoardEvent(_options.Time.GetUtcNow(), key, InternalFault.Describe(fault))]);
            _agenda.Failed(key);
            return;
        }

        if (result.Released && _state.Release(key))
        {
            await _file.SaveAsync(_state);
            _agenda.Released(key, record);
        }
        else
        {
            var isNews = _state.SetStatus(key, result.Status);
            if (isNews)
            {
                await _file.SaveAsync(_state);
            }

            _agenda.Reconciled(key, record, result);
        }

        var now = _options.Time.GetUtcNow();
        Board.Report(result.Events.Select(e => new BoardEvent(now, key, e)));
    }

    private async Task ProgressAsync(ResourceKey key, ResourceStatus status)
    {
        if (_state.SetStatus(key, status))
        {
            await _file.SaveAsync(_state);
        }

        Refresh();
    }

    private Task KeepRemovalsAsync(ResourceName name, IReadOnlyList<RemovalCount> removals, CancellationToken cancellationToken)
    {
        var key = new ResourceKey(Tenant.KubeKind, name.Namespace, name.Name);
        var status = _state.Find(key)?.Status as TenantStatus ?? new TenantStatus();
        return ProgressAsync(key, status.WithRemovals(removals));
    }

    // Inside of the update, so that no older look takes the place of a newer one; idleness before the records, so that what is idle is shown as it ended.
    private void Refresh() => Board.Update(v =>
    {
        var isIdle = _scanned && _agenda.IsIdle && !_state.HasPendingRemovals;
        var records = _state.Records;
        return v with
        {
            Records = records,
            IsIdle = isIdle,
            IsSettled = isIdle && records.All(ReadyState.IsFinal),
            ConvergedAfter = v.ConvergedAfter ?? (isIdle && records.Count > 0 && records.All(ReadyState.IsReady) ? _options.Time.GetElapsedTime(_started) : null),
        };
    });

    /// <summary>What a folder is called in marks where nobody named it.</summary>
    public static string DefaultClusterId(string folder)
    {
        var name = new string([.. Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))).Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-')]);
        return "smimectl-" + name;
    }
}
