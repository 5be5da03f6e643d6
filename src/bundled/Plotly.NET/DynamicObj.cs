namespace DynamicObj;

/// <summary>Named properties, in the order in which they were set; plotly.js's objects are made of it.</summary>
public class DynamicObj
{
    private readonly List<KeyValuePair<string, object>> _properties = [];

    public void SetValue(string name, object value)
    {
        var property = KeyValuePair.Create(name, value);
        var at = _properties.FindIndex(existing => existing.Key == name);
        if (at < 0) _properties.Add(property);
        else _properties[at] = property;
    }

    public object? TryGetPropertyValue(string name) => _properties.Find(property => property.Key == name).Value;

    public IEnumerable<KeyValuePair<string, object>> GetProperties(bool includeInstanceProperties) => _properties;
}
