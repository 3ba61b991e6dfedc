using GenerateReference;

if (args is not [var folder])
{
    await Console.Error.WriteLineAsync("usage: GenerateReference <output folder>");
    return 2;
}

Directory.CreateDirectory(folder);
foreach (var (name, page) in new[]
{
    ("fields.md", FieldsPage.Write()),
    ("reasons.md", ReasonsPage.Write()),
    ("metrics.md", MetricsPage.Write()),
    ("settings.md", SettingsPage.Write()),
    ("logs.md", LogsPage.Write()),
})
{
    await File.WriteAllTextAsync(Path.Combine(folder, name), page);
}

return 0;
