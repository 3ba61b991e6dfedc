using System.Text.Json;
using k8s.Models;

namespace Smimectl;

/// <summary>The state file cannot be used.</summary>
internal sealed class StateFileException(string message) : RefusalException(message);

/// <summary>
/// Keeps specs and statuses between runs: the memory that a cluster would have. It holds what manifests say of our kinds and what status
/// says, and never anything of a Secret. Saved whole or not at all; one process at a time works with it.
/// </summary>
internal sealed class StateFile : IStateKeeper
{
    private readonly string _path;
    private readonly FileStream _lock;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private long _wanted;
    private long _written;

    private StateFile(string path, FileStream @lock) => (_path, _lock) = (path, @lock);

    /// <summary>Opens the state for this process alone.</summary>
    /// <exception cref="StateFileException">Another process works with it, or it cannot be written.</exception>
    public static StateFile Open(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            return new StateFile(path, new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StateFileException(fault is IOException && File.Exists(path + ".lock")
                ? $"{path} is in use: another smimectl works with this folder"
                : $"{path} cannot be written, and without it nothing would be remembered: {fault.Message} Name another file with --state");
        }
    }

    /// <inheritdoc/>
    public DataVersions Versions => DataVersions.Open(KeyOf(_path));

    /// <inheritdoc/>
    public SavedRecords? Load() => Read(_path);

    /// <summary>The file with the key to a state's versions.</summary>
    public static string KeyOf(string path) => path + ".key";

    /// <summary>Reads a state without working with it; null where there is none.</summary>
    /// <exception cref="StateFileException">The file is damaged.</exception>
    public static SavedRecords? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var saved = JsonSerializer.Deserialize<SavedState>(File.ReadAllBytes(path), KindModel.Json)!;
            return new SavedRecords(saved.ClusterId, [.. saved.Resources.Select(Restore)]);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or NotSupportedException)
        {
            throw new StateFileException(
                $"{path} is damaged ({fault.Message}). Without it everything in the tenant is found again by its mark: move the file away and start anew");
        }
    }

    /// <summary>Saves; callers at the same time share one write.</summary>
    public async Task SaveAsync(ResourceState state)
    {
        var mine = Interlocked.Increment(ref _wanted);
        await _writing.WaitAsync();
        try
        {
            if (_written >= mine)
            {
                return;
            }

            var covered = Interlocked.Read(ref _wanted);
            var saved = new SavedState(state.ClusterId, [.. state.Records.OrderBy(r => r.Key.ToString(), StringComparer.Ordinal).Select(Save)]);
            PrivateFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(saved, KindModel.Json));
            _written = covered;
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose()
    {
        _lock.Dispose();
        _writing.Dispose();
    }

    private static SavedResource Save(ResourceRecord record)
    {
        var metadata = record.Entity.Metadata;
        return new SavedResource(
            record.Key.Kind, record.Key.Namespace, record.Key.Name, record.File, metadata.Uid, metadata.Generation ?? 1,
            metadata.CreationTimestamp, metadata.DeletionTimestamp, metadata.Labels, metadata.Annotations, record.Model.SpecOf(record.Entity),
            record.Status is { } status ? KindModel.ToJson(status) : null);
    }

    private static ResourceRecord Restore(SavedResource saved)
    {
        var metadata = new V1ObjectMeta
        {
            Name = saved.Name,
            NamespaceProperty = saved.Namespace,
            Uid = saved.Uid,
            Generation = saved.Generation,
            CreationTimestamp = saved.Created,
            DeletionTimestamp = saved.Deleted,
            Labels = saved.Labels,
            Annotations = saved.Annotations,
            Finalizers = [SmimeOperator.Api.ApiGroup.Finalizer],
        };
        return new ResourceRecord(
            new ResourceKey(saved.Kind, saved.Namespace, saved.Name), KindModel.All[saved.Kind].Restore(metadata, saved.Spec, saved.Status), saved.File);
    }

    private sealed record SavedState(string ClusterId, IReadOnlyList<SavedResource> Resources);

    private sealed record SavedResource(
        string Kind, string Namespace, string Name, string File, string Uid, long Generation, DateTime? Created, DateTime? Deleted,
        IDictionary<string, string>? Labels, IDictionary<string, string>? Annotations, JsonElement Spec, JsonElement? Status);
}
