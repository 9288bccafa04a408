package org.netloop.transport.http;

import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Map;

/** Settings as Declarative Services would make them: the defaults, and what a test says. */
final class TestSettings {
    private TestSettings() {}

    static HttpSettings of(Map<String, Object> told) {
        InvocationHandler handler =
                (_, method, _) ->
                        method.getName().equals("annotationType")
                                ? HttpSettings.class
                                : told.getOrDefault(method.getName(), method.getDefaultValue());
        return (HttpSettings)
                Proxy.newProxyInstance(
                        HttpSettings.class.getClassLoader(),
                        new Class<?>[] {HttpSettings.class, Annotation.class},
                        handler);
    }
}
