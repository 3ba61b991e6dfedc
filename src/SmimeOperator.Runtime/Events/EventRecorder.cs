using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmimeOperator.Runtime.Client;
using SmimeOperator.Runtime.Metrics;

namespace SmimeOperator.Runtime.Events;

/// <summary>Publishes events beside the work, so that a slow API server never holds it up. What cannot be published is only logged.</summary>
internal sealed class EventRecorder(
    KubernetesApi api, OperatorSettings settings, OperatorMetrics metrics, TimeProvider time, ILogger<EventRecorder> logger)
    : IHostedService, IDisposable
{
    private const int KnownEvents = 4096;

    /// <summary>How long what is still waiting may take when the process ends.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(2);

    private static readonly ResourceDefinition Resource = ResourceDefinition.Of<Eventsv1Event>();

    private readonly Channel<EventNote> _notes = Channel.CreateBounded<EventNote>(
        new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    // The burst and refill of client-go's spam filter.
    private readonly EventBudget _budget = new(burst: 25, refill: TimeSpan.FromMinutes(5), time);
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _end = new(Timeout.InfiniteTimeSpan, time);
    private readonly string _instance = $"{settings.Name}-{Environment.MachineName}";
    private Task _loop = Task.CompletedTask;

    public Task PublishAsync(
        IKubernetesObject<V1ObjectMeta> entity, string reason, string message, EventType type, CancellationToken cancellationToken)
    {
        var note = new EventNote(
            entity.ApiVersion, entity.Kind, NamespacedName.Of(entity), entity.Metadata.Uid ?? "", entity.Metadata.ResourceVersion,
            reason, EventNote.Fit(message), type);
        if (_notes.Reader.Count >= 1000 || !_notes.Writer.TryWrite(note))
        {
            metrics.EventDiscarded(note.Kind, "full");
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // No BackgroundService: that one never begins when it is stopped early, and then says nothing of what was said until then.
        _loop = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // What was said before the end is worth a moment.
        _notes.Writer.TryComplete();
        _end.CancelAfter(DrainLimit);
        await _loop.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _end.Dispose();

    private async Task RunAsync()
    {
        try
        {
            await foreach (var note in _notes.Reader.ReadAllAsync(_end.Token).ConfigureAwait(false))
            {
                await RecordAsync(note, _end.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            logger.EventsAbandoned(_notes.Reader.Count);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "By design: an event that cannot be published must not disturb anything.")]
    private async Task RecordAsync(EventNote note, CancellationToken cancellationToken)
    {
        if (!_budget.TrySpend(note.Uid))
        {
            metrics.EventDiscarded(note.Kind, "rate");
            return;
        }

        try
        {
            await WriteAsync(note, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            metrics.EventDiscarded(note.Kind, "error");
            logger.EventFailed(e, note.Reason, note.Kind, note.Object);
        }
    }

    private async Task WriteAsync(EventNote note, CancellationToken cancellationToken)
    {
        var name = note.Name;
        var path = Resource.ObjectPath(new NamespacedName(note.Namespace, name));
        if (!_counts.TryGetValue(name, out var count))
        {
            if (await TryCreateAsync(note, name, cancellationToken).ConfigureAwait(false))
            {
                Know(name, 1);
                return;
            }

            // Said before by an earlier process, which alone knew how often.
            var json = await api.GetAsync(path, KubernetesApi.AsJson, cancellationToken).ConfigureAwait(false);
            count = json is null ? 1 : JsonSerializer.Deserialize<Eventsv1Event>(json, KubernetesApi.Json)?.Series?.Count ?? 1;
        }

        try
        {
            using var body = KubernetesApi.Body(Json(writer => WriteSeries(writer, count + 1)), KubernetesApi.MergePatch);
            await api.SendAsync(HttpMethod.Patch, path, body, KubernetesApi.AsJson, cancellationToken).ConfigureAwait(false);
            Know(name, count + 1);
        }
        catch (KubernetesApiException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            // Events expire after an hour; what is said again then is news again.
            await TryCreateAsync(note, name, cancellationToken).ConfigureAwait(false);
            Know(name, 1);
        }
    }

    private async Task<bool> TryCreateAsync(EventNote note, string name, CancellationToken cancellationToken)
    {
        try
        {
            using var body = KubernetesApi.Body(Json(writer => WriteEvent(writer, note, name)));
            await api.SendAsync(
                HttpMethod.Post, Resource.CollectionPath(note.Namespace), body, KubernetesApi.AsJson, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (KubernetesApiException e) when (e.StatusCode == HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    private void Know(string name, int count)
    {
        if (_counts.Count >= KnownEvents)
        {
            _counts.Clear();
        }

        _counts[name] = count;
    }

    private void WriteSeries(Utf8JsonWriter writer, int count)
    {
        writer.WriteStartObject("series");
        writer.WriteNumber("count", count);
        writer.WriteString("lastObservedTime", Now());
        writer.WriteEndObject();
    }

    private void WriteEvent(Utf8JsonWriter writer, EventNote note, string name)
    {
        writer.WriteString("apiVersion", Resource.ApiVersion);
        writer.WriteString("kind", Resource.Kind);
        writer.WriteStartObject("metadata");
        writer.WriteString("name", name);
        writer.WriteString("namespace", note.Namespace);
        writer.WriteEndObject();
        writer.WriteString("eventTime", Now());
        writer.WriteString("reportingController", settings.Name);
        writer.WriteString("reportingInstance", _instance.Length > 128 ? _instance[..128] : _instance);
        writer.WriteString("action", note.Reason);
        writer.WriteString("reason", note.Reason);
        writer.WriteString("type", note.Type.ToString());
        writer.WriteString("note", note.Message);
        writer.WriteStartObject("regarding");
        writer.WriteString("apiVersion", note.ApiVersion);
        writer.WriteString("kind", note.Kind);
        writer.WriteString("name", note.Object.Name);
        writer.WriteString("uid", note.Uid);
        if (note.Object.Namespace.Length > 0)
        {
            writer.WriteString("namespace", note.Object.Namespace);
        }

        if (note.ResourceVersion is not null)
        {
            writer.WriteString("resourceVersion", note.ResourceVersion);
        }

        writer.WriteEndObject();
    }

    private string Now() =>
        time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static byte[] Json(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
